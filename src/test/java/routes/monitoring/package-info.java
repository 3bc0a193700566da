/**
 * The folder {@code monitoring/}: rules, their tests, and whether those tests would notice a
 * change.
 */
package routes.monitoring;
