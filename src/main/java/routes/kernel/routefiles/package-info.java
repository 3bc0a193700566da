/**
 * Routes that are read from files: the user's own, and the schedules that are shipped. An error in
 * one of them is reported with file and line, and keeps nothing else from running.
 */
package routes.kernel.routefiles;
