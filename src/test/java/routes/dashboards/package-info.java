/** Grafana's dashboards: that each panel is one of today's, and asks for what there is. */
package routes.dashboards;
