/**
 * Several real hubs, each a process of its own, on one database: what replicas promise each other
 * when they are killed, frozen, stopped, or all fire at once.
 */
package routes.jobs.cluster;
