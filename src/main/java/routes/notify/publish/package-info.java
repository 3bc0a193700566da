/** Events that services publish. */
package routes.notify.publish;
