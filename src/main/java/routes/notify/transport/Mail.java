package routes.notify.transport;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;
import routes.kernel.HubProperties;
import routes.kernel.errors.Failures;
import routes.notify.rules.NotifyProperties;
import routes.notify.rules.Secrets;
import routes.notify.rules.Target;

/**
 * Messages by e-mail. Every setting of the session is the configuration's: nothing of an event is
 * read as one, and its text in a subject is text.
 */
@Component
public class Mail {

  private static final Logger LOG = LoggerFactory.getLogger(Mail.class);

  /** Bundle of certificates that says whom to trust, where the platform has its own. */
  private static final String PLATFORM = "platform";

  private final NotifyProperties properties;
  private final Secrets secrets;
  private final HubProperties hub;
  private final ObjectMapper json;
  private final SslBundles bundles;
  private final Clock clock;

  Mail(
      NotifyProperties properties,
      Secrets secrets,
      HubProperties hub,
      ObjectMapper json,
      SslBundles bundles,
      Clock clock) {
    this.properties = properties;
    this.secrets = secrets;
    this.hub = hub;
    this.json = json;
    this.bundles = bundles;
    this.clock = clock;
  }

  /**
   * @throws UndeliveredException when the server does not take it for every address
   */
  public Answer send(Message message) {
    Target target = properties.targets().get(message.target());
    try (TimedSockets sockets = new TimedSockets(target.timeout(), ssl())) {
      Session session = Session.getInstance(settings(target, sockets));
      Transport transport = session.getTransport();
      try {
        transport.connect(
            target.smtp().host(),
            target.smtp().port(),
            target.smtp().username(),
            secrets.password(message.target()));
        MimeMessage mail = mail(session, target, message);
        transport.sendMessage(mail, mail.getAllRecipients());
        return Answer.TAKEN;
      } finally {
        close(transport);
      }
    } catch (MessagingException e) {
      throw new UndeliveredException("mail server: " + words(e), isForGood(e), null, null, e);
    }
  }

  /** A server that has taken a mail and then fails to say goodbye has taken it. */
  private static void close(Transport transport) {
    try {
      transport.close();
    } catch (MessagingException e) {
      LOG.debug("mail server: {}", e.getMessage());
    }
  }

  private MimeMessage mail(Session session, Target target, Message message)
      throws MessagingException {
    EventText words = new EventText(json, message);
    // The same at each attempt, as webhook-id is.
    String id = "<" + message.id() + "@" + hub.id() + ">";
    MimeMessage mail =
        new MimeMessage(session) {
          @Override
          protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
          }
        };
    mail.setFrom(new InternetAddress(target.from(), true));
    mail.setRecipients(jakarta.mail.Message.RecipientType.TO, addresses(target.to()));
    mail.setSubject(
        subject(target.subject(), words.placeholders(hub.id())), StandardCharsets.UTF_8.name());
    mail.setSentDate(Date.from(clock.instant()));
    mail.setHeader("Auto-Submitted", "auto-generated");
    mail.setText(words.headline() + "\n\n" + words.text() + "\n", StandardCharsets.UTF_8.name());
    return mail;
  }

  private static Address[] addresses(List<String> to) throws MessagingException {
    Address[] addresses = new Address[to.size()];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = new InternetAddress(to.get(i), true);
    }
    return addresses;
  }

  /** In one pass: what a placeholder stands for is not looked at again. */
  static String subject(String template, Map<String, String> placeholders) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < template.length()) {
      int here = at;
      String found =
          placeholders.keySet().stream()
              .filter(each -> template.startsWith(each, here))
              .findFirst()
              .orElse(null);
      text.append(found == null ? template.charAt(at) : placeholders.get(found));
      at += found == null ? 1 : found.length();
    }
    return text.toString();
  }

  private Properties settings(Target target, TimedSockets sockets) {
    Target.Tls tls = target.smtp().tls();
    String millis = String.valueOf(target.timeout().toMillis());
    Properties settings = new Properties();
    settings.put("mail.transport.protocol", "smtp");
    settings.put("mail.smtp.connectiontimeout", millis);
    settings.put("mail.smtp.timeout", millis);
    settings.put("mail.smtp.quitwait", "false");
    settings.put("mail.smtp.auth", String.valueOf(target.smtp().username() != null));
    settings.put("mail.smtp.ssl.enable", String.valueOf(tls == Target.Tls.TLS));
    settings.put("mail.smtp.starttls.enable", String.valueOf(tls == Target.Tls.STARTTLS));
    settings.put("mail.smtp.starttls.required", String.valueOf(tls == Target.Tls.STARTTLS));
    settings.put("mail.smtp.ssl.checkserveridentity", "true");
    settings.put("mail.smtp.socketFactory", sockets.plain());
    settings.put("mail.smtp.socketFactory.fallback", "false");
    settings.put("mail.smtp.ssl.socketFactory", sockets.ssl());
    settings.put("mail.smtp.ssl.socketFactory.fallback", "false");
    return settings;
  }

  private SSLSocketFactory ssl() {
    return bundles.getBundleNames().contains(PLATFORM)
        ? bundles.getBundle(PLATFORM).createSslContext().getSocketFactory()
        : (SSLSocketFactory) SSLSocketFactory.getDefault();
  }

  /** Codes of 500 and more are the server's last word on this mail. */
  private static boolean isForGood(MessagingException failure) {
    SMTPAddressFailedException address = find(failure, SMTPAddressFailedException.class);
    SMTPSenderFailedException sender = find(failure, SMTPSenderFailedException.class);
    SMTPSendFailedException send = find(failure, SMTPSendFailedException.class);
    return address != null && address.getReturnCode() >= 500
        || sender != null && sender.getReturnCode() >= 500
        || send != null && send.getReturnCode() >= 500;
  }

  /** Jakarta Mail chains its exceptions in its own way. */
  private static <T extends Exception> T find(MessagingException failure, Class<T> type) {
    Exception at = failure;
    for (int depth = 0; at != null && depth < 10; depth++) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
      at = at instanceof MessagingException chained ? chained.getNextException() : null;
    }
    return null;
  }

  private static String words(MessagingException failure) {
    Exception next = failure.getNextException();
    return Failures.describe(next == null ? failure : next);
  }
}
