package routes.web.hooks;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpConsumer;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpEngine;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerAdapter;
import org.springframework.web.servlet.ModelAndView;

/**
 * Camel serves a request on the thread that Tomcat gave it. By itself it hands each to another
 * thread and has Tomcat dispatch it a second time when that is done, which costs more than most
 * answers, and leaves Tomcat unable to read the rest of a refused body before it hangs up.
 */
@Configuration(proxyBeanMethods = false)
class SameThreadExecution {

  /** By the name that Camel looks for. */
  @Bean("platform-http-engine")
  PlatformHttpEngine engine() {
    // The port is told by nothing but Camel's own registry of endpoints.
    return new SpringBootPlatformHttpEngine(0, Runnable::run);
  }

  /** Calls Camel's consumer without the reflection and the waiting for a future. */
  @Component
  record Adapter(RequestShield shield) implements HandlerAdapter, Ordered {

    @Override
    public boolean supports(Object handler) {
      return handler instanceof HandlerMethod method
          && method.getBean() instanceof SpringBootPlatformHttpConsumer;
    }

    @Override
    public ModelAndView handle(
        HttpServletRequest request, HttpServletResponse response, Object handler) {
      SpringBootPlatformHttpConsumer consumer =
          (SpringBootPlatformHttpConsumer) ((HandlerMethod) handler).getBean();
      consumer.service(shield.over(request), response).join(); // done already
      return null;
    }

    @Deprecated
    @Override
    public long getLastModified(HttpServletRequest request, Object handler) {
      return -1;
    }

    @Override
    public int getOrder() {
      return HIGHEST_PRECEDENCE;
    }
  }
}
