package routes.web.operations;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.ConditionalGenericConverter;
import org.springframework.core.convert.converter.Converter;
import org.springframework.format.FormatterRegistry;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.json.MappingJackson2HttpMessageConverter;
import org.springframework.http.converter.xml.AbstractXmlHttpMessageConverter;
import org.springframework.http.converter.xml.SourceHttpMessageConverter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import routes.web.security.Caller;
import routes.web.security.Callers;

/** How Spring MVC serves operations: strict values, our JSON, and the gate before each. */
@Configuration(proxyBeanMethods = false)
record WebConfiguration(ObjectMapper json, OperationGate gate) implements WebMvcConfigurer {

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(gate);
  }

  @Override
  public void extendMessageConverters(List<HttpMessageConverter<?>> converters) {
    // Nothing is XML or a form; each converter is asked for each answer whether it could write it.
    converters.removeIf(
        one ->
            one instanceof AbstractXmlHttpMessageConverter
                || one instanceof SourceHttpMessageConverter
                || one instanceof FormHttpMessageConverter);
    converters.replaceAll(
        one -> one instanceof MappingJackson2HttpMessageConverter ? new ApiJson(json) : one);
  }

  @Override
  public void addFormatters(FormatterRegistry registry) {
    TextValues.PARSERS.forEach((type, parse) -> add(registry, type, parse));
    registry.addConverter(new Constants());
  }

  @SuppressWarnings("unchecked") // as PARSERS pairs them
  private static <T> void add(
      FormatterRegistry registry, Class<T> type, Function<String, ?> parse) {
    registry.addConverter(
        String.class,
        type,
        (Converter<String, T>) text -> ((Function<String, T>) parse).apply(text));
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(new CallerArgument());
  }

  private static final class Constants implements ConditionalGenericConverter {
    @Override
    public Set<ConvertiblePair> getConvertibleTypes() {
      return Set.of(new ConvertiblePair(String.class, Enum.class));
    }

    @Override
    public boolean matches(TypeDescriptor source, TypeDescriptor target) {
      return target.getType().isEnum();
    }

    @Override
    public Object convert(Object text, TypeDescriptor source, TypeDescriptor target) {
      return TextValues.parser(target.getType()).apply((String) text);
    }
  }

  private static final class CallerArgument implements HandlerMethodArgumentResolver {
    @Override
    public boolean supportsParameter(MethodParameter parameter) {
      return parameter.getParameterType() == Caller.class;
    }

    @Override
    public Object resolveArgument(
        MethodParameter parameter,
        ModelAndViewContainer container,
        NativeWebRequest request,
        WebDataBinderFactory binders) {
      return Callers.current();
    }
  }
}
