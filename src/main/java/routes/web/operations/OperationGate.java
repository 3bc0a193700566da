package routes.web.operations;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpConsumer;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.NotFoundException;
import routes.web.bodies.BodyBudget;
import routes.web.security.Callers;

/**
 * What every request to an operation passes before a byte of its body is read: the role, then the
 * names of parameters and headers, then the declared length of the body. A controller method that
 * says no role answers nobody.
 */
@Component
record OperationGate(Operations operations, BodyBudget bodies) implements HandlerInterceptor {

  private static final String SHARE = OperationGate.class.getName() + ".share";

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws Exception {
    if (request.getDispatcherType() != DispatcherType.REQUEST
        || !(handler instanceof HandlerMethod method)
        || isNoOperation(method.getBeanType())) {
      return true;
    }
    Operation operation = operations.of(method);
    if (operation == null) {
      throw new NotFoundException("path", request.getRequestURI(), "see GET /api/openapi.json");
    }
    RequestRules.authorize(operation, Callers.current());
    if (operation.streams() && !request.getMethod().equals(operation.method())) {
      throw new HttpRequestMethodNotSupportedException(request.getMethod());
    }
    if (operation.role() == null && hasBody(request)) {
      throw takesNone(); // unread: else anybody could hold threads of the server with it
    }
    RequestRules.values(RequestRules.path(request), operation);
    RequestRules.values(RequestRules.query(request, operation), operation);
    RequestRules.values(RequestRules.headers(request, operation), operation);
    BodyBudget.Share share = bodies.share(operation.mostBytes());
    request.setAttribute(SHARE, share);
    try {
      share.admit(request.getContentLengthLong());
      if (!operation.body()) {
        noBody(request, share);
      }
    } catch (IOException | RuntimeException e) {
      share.close();
      throw e;
    }
    return true;
  }

  /** Served by Camel, whose ingress checks its requests; or the page of what failed. */
  private static boolean isNoOperation(Class<?> bean) {
    return SpringBootPlatformHttpConsumer.class.isAssignableFrom(bean)
        || ErrorController.class.isAssignableFrom(bean);
  }

  /** An empty object is what some clients send for nothing. */
  private static void noBody(HttpServletRequest request, BodyBudget.Share share)
      throws IOException {
    byte[] body = share.read(request.getContentLengthLong(), request.getInputStream());
    if (body.length > 0
        && !ApiJson.<Map<String, Object>>read(body, request.getContentType(), Map.class)
            .isEmpty()) {
      throw takesNone();
    }
  }

  private static boolean hasBody(HttpServletRequest request) {
    return request.getContentLengthLong() > 0
        || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
  }

  private static InvalidInputException takesNone() {
    return new InvalidInputException("body", "is not taken by this operation");
  }

  /** What a request may read of its body. */
  static BodyBudget.Share share(HttpServletRequest request) {
    return (BodyBudget.Share) request.getAttribute(SHARE);
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request, HttpServletResponse response, Object handler, Exception failure) {
    BodyBudget.Share share = share(request);
    if (share != null) {
      share.close();
    }
  }
}
