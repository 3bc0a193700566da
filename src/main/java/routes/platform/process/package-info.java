/** Programs that the hub starts. */
package routes.platform.process;
