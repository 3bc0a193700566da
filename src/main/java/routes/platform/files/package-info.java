/**
 * Routes that are read from files: the user's own, and the schedules that are shipped. What is
 * wrong in one of them is told with file and line, and keeps nothing else from running.
 */
package routes.platform.files;
