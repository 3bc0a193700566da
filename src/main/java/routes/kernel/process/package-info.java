/** Programs that the hub starts. */
package routes.kernel.process;
