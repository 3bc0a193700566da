/** When runs are due: schedules from files, their fire times, and those that were missed. */
package routes.jobs.triggers;
