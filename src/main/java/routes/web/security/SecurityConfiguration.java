package routes.web.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.regex.Pattern;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.config.web.PathPatternRequestMatcherBuilderFactoryBean;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.ContentSecurityPolicyHeaderWriter;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.servlet.handler.HandlerMappingIntrospector;
import routes.kernel.errors.Problem;
import routes.telemetry.MetricsProperties;
import routes.web.errors.ProblemWriter;

/**
 * Who may come in, on the API's port and on the management port. Nothing but health answers without
 * a key. What a caller may do under {@code /api} and {@code /hooks} each operation says itself.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

  /**
   * Else the headers are written when the request's own thread leaves the chain, while Camel's
   * writes the answer: Tomcat's list of headers is not made for two, and under load an answer went
   * out with headers of an earlier one.
   */
  private static final ObjectPostProcessor<HeaderWriterFilter> BEFORE_ANYTHING =
      new ObjectPostProcessor<>() {
        @Override
        public <O extends HeaderWriterFilter> O postProcess(O filter) {
          filter.setShouldWriteHeadersEagerly(true);
          return filter;
        }
      };

  // Those of Spring Security's own firewall.
  private static final Pattern ALLOWED_IN_NAMES =
      Pattern.compile("[\\p{IsAssigned}&&[^\\p{IsControl}]]*");

  private static final Pattern ALLOWED_IN_VALUES =
      Pattern.compile("[\\p{IsAssigned}&&[[^\\p{IsControl}]||\\t]]*");

  @Bean
  SecurityFilterChain filters(
      HttpSecurity http,
      KeyCheck keys,
      Tickets tickets,
      ProblemWriter problems,
      MetricsProperties metrics)
      throws Exception {
    return http.securityMatcher("/**")
        // No cookie, no session: a request proves itself or is nobody's, so there is nothing for a
        // forged one to ride on.
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .csrf(AbstractHttpConfigurer::disable)
        .formLogin(AbstractHttpConfigurer::disable)
        .httpBasic(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .rememberMe(AbstractHttpConfigurer::disable)
        .headers(
            headers ->
                headers
                    .withObjectPostProcessor(BEFORE_ANYTHING)
                    .addHeaderWriter(
                        policy(
                            request -> !DocsAccess.isDocs(request),
                            "default-src 'none'; frame-ancestors 'none'"))
                    // Swagger UI styles its elements one by one.
                    .addHeaderWriter(
                        policy(
                            DocsAccess::isDocs,
                            "default-src 'none'; script-src 'self'; style-src 'self'"
                                + " 'unsafe-inline'; img-src 'self' data:; connect-src 'self';"
                                + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"))
                    .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER)))
        .addFilterBefore(new ApiKeyFilter(keys, problems), AnonymousAuthenticationFilter.class)
        .addFilterBefore(new TicketFilter(tickets, problems), AnonymousAuthenticationFilter.class)
        .addFilterBefore(new ScrapeFilter(metrics.token()), ApiKeyFilter.class)
        .authorizeHttpRequests(
            may ->
                may.dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers(HttpMethod.GET, "/health")
                    .permitAll()
                    .requestMatchers(HttpMethod.HEAD, "/health")
                    .permitAll()
                    .requestMatchers(EndpointRequest.to(HealthEndpoint.class))
                    .permitAll()
                    .requestMatchers("/api/**", "/hooks/**")
                    .authenticated()
                    .requestMatchers(HttpMethod.GET)
                    .hasRole(Role.VIEWER.name())
                    .requestMatchers(HttpMethod.HEAD)
                    .hasRole(Role.VIEWER.name())
                    .anyRequest()
                    .hasRole(Role.OPERATOR.name()))
        .exceptionHandling(
            failures ->
                failures
                    .authenticationEntryPoint(
                        (request, response, failure) -> {
                          response.setHeader(
                              HttpHeaders.WWW_AUTHENTICATE,
                              DocsAccess.isDocs(request)
                                  ? DocsAccess.CHALLENGE
                                  : "Bearer realm=\"hub\"");
                          problems.write(
                              response,
                              Problem.of(
                                  401,
                                  "Unauthorized",
                                  "send a live API key: 'Authorization: Bearer hub_…'; the first"
                                      + " one lies in the file api-key of the hub's state folder"));
                        })
                    .accessDeniedHandler(
                        (request, response, failure) ->
                            problems.write(
                                response,
                                Problem.of(403, "Forbidden", "this key's role may not do that"))))
        .build();
  }

  private static HeaderWriter policy(RequestMatcher where, String directives) {
    return new DelegatingRequestMatcherHeaderWriter(
        where, new ContentSecurityPolicyHeaderWriter(directives));
  }

  /** Four spans a request, which say nothing that its status does not. */
  @Bean
  SecurityObservationSettings noSecuritySpans() {
    return SecurityObservationSettings.noObservations();
  }

  /** Matches paths as the controllers do, without asking them for each request. */
  @Bean
  PathPatternRequestMatcherBuilderFactoryBean pathPatterns() {
    return new PathPatternRequestMatcherBuilderFactoryBean();
  }

  /**
   * Spring Security has Spring MVC look for each request's handler before the filters, for matchers
   * of a kind that there is none of here: {@link #pathPatterns}.
   */
  @Bean
  static BeanPostProcessor noHandlerBeforeTheFilters() {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof HandlerMappingIntrospector ? new NothingCached() : bean;
      }
    };
  }

  private static final class NothingCached extends HandlerMappingIntrospector {
    @Override
    public Filter createCacheFilter() {
      return (request, response, chain) -> chain.doFilter(request, response);
    }
  }

  /** As it comes, but that printable ASCII in a header is told without a regular expression. */
  @Bean
  StrictHttpFirewall firewall() {
    StrictHttpFirewall firewall = new StrictHttpFirewall();
    firewall.setAllowedHeaderNames(
        name -> isPlain(name) || ALLOWED_IN_NAMES.matcher(name).matches());
    firewall.setAllowedHeaderValues(
        value -> isPlain(value) || ALLOWED_IN_VALUES.matcher(value).matches());
    return firewall;
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  /** What the firewall refuses (odd paths, odd header bytes) is a problem like any other. */
  @Bean
  RequestRejectedHandler rejected(ProblemWriter problems) {
    return (request, response, failure) ->
        problems.write(
            response,
            Problem.of(
                400, "Bad request", "the request's path or a header holds disallowed characters"));
  }
}
