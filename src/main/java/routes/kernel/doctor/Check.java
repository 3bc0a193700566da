package routes.kernel.doctor;

import routes.doctor.Doctor;

/**
 * One thing to look at.
 *
 * @param what the configuration key or the thing; its lines begin with it
 * @param look tells what it finds; what it throws becomes a failure of one line
 */
public record Check(String what, Look look) {

  /** Looks, within {@link Doctor#PATIENCE}: what takes longer is told as no answer. */
  public interface Look {
    void tell(Findings findings) throws Exception;
  }
}
