/** Tests that need the platform's real servers; skipped where they do not run. */
package routes.real;
