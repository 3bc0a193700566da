/** The platform as containers: rules that hold for every service. */
package routes.compose;
