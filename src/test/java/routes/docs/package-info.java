/** Pages that name what exists. */
package routes.docs;
