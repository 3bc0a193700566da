/** What must hold for the whole hub, whichever feature does it. */
package routes.safety;
