/** How a message reaches a target: a webhook, Slack, e-mail. */
package routes.notify.transport;
