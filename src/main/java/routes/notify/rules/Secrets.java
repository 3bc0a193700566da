package routes.notify.rules;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** Secrets of targets, from their keys or from files. Read once at the start, to tell by name. */
@Component
public class Secrets {

  private final Map<String, SecretFile> files = new TreeMap<>();
  private final NotifyProperties properties;

  Secrets(NotifyProperties properties, Clock clock) {
    this.properties = properties;
    properties
        .targets()
        .forEach(
            (name, target) -> {
              String key = "hub.notify.targets." + name;
              if (target.secretFile() != null) {
                String at = key + ".secret-file";
                files.put(
                    name + "/secret",
                    new SecretFile(
                        at,
                        target.secretFile(),
                        text -> Signatures.check(at, text),
                        properties.rotation(),
                        clock));
              }
              if (target.urlFile() != null) {
                String at = key + ".url-file";
                files.put(
                    name + "/url",
                    new SecretFile(
                        at, target.urlFile(), text -> url(at, text), Duration.ZERO, clock));
              }
              if (target.smtp() != null && target.smtp().passwordFile() != null) {
                files.put(
                    name + "/password",
                    new SecretFile(
                        key + ".smtp.password-file",
                        target.smtp().passwordFile(),
                        text -> {},
                        Duration.ZERO,
                        clock));
              }
            });
    files.values().forEach(SecretFile::first);
  }

  private static URI url(String key, String text) {
    try {
      URI url = URI.create(text);
      AddressGuard.checkUrl(key, url);
      return url;
    } catch (IllegalArgumentException e) {
      // URI's own message repeats the text.
      throw new IllegalArgumentException(
          e.getMessage() != null && e.getMessage().startsWith(key)
              ? e.getMessage()
              : key + " holds no URL");
    }
  }

  /** With which a webhook is signed, newest first. */
  public List<String> signing(String target) {
    SecretFile file = files.get(target + "/secret");
    return file == null ? List.of(properties.targets().get(target).secret()) : file.all();
  }

  public URI url(String target) {
    SecretFile file = files.get(target + "/url");
    return file == null ? properties.targets().get(target).url() : URI.create(file.first());
  }

  /** Of the mail server; null: there is none. */
  public String password(String target) {
    SecretFile file = files.get(target + "/password");
    Target.Smtp smtp = properties.targets().get(target).smtp();
    return file == null ? smtp.password() : file.first();
  }
}
