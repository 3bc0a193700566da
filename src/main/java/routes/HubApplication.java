package routes;

import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import routes.doctor.Doctor;

/**
 * The hub: Camel routes on Spring Boot. What runs, when and over which contract is in {@code
 * camel/}.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class HubApplication {

  /**
   * @param args keys as Spring Boot takes them; {@code doctor} first looks instead of starting
   */
  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals("doctor")) {
      System.exit(Doctor.examine(Arrays.copyOfRange(args, 1, args.length), System.out));
    }
    SpringApplication.run(HubApplication.class, args);
  }
}
