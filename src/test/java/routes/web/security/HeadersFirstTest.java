package routes.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import routes.HubTest;

/**
 * Camel answers on a thread of its own, maybe before the request's thread has left the filters:
 * whatever they write must be written before that.
 */
class HeadersFirstTest extends HubTest {

  @Autowired
  @Qualifier("springSecurityFilterChain")
  private Filter security;

  @Test
  void noFilterWritesAHeaderOnItsWayBack() throws Exception {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/health");
    request.setServletPath("/health");
    MockHttpServletResponse response = new MockHttpServletResponse();
    List<String> before = new ArrayList<>();

    security.doFilter(
        request,
        response,
        (in, out) -> before.addAll(((HttpServletResponse) out).getHeaderNames()));

    assertThat(before).contains("X-Content-Type-Options", "Content-Security-Policy");
    assertThat(response.getHeaderNames()).containsExactlyInAnyOrderElementsOf(before);
  }
}
