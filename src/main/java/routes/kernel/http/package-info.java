/**
 * HTTP to servers that may be slow, wrong or hostile: bounded in time and size, without redirects.
 */
package routes.kernel.http;
