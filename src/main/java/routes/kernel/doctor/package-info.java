/**
 * A check of what the hub needs, and what it found. Each feature brings its own {@link
 * routes.kernel.doctor.Checkup}; {@code routes.doctor} runs them.
 */
package routes.kernel.doctor;
