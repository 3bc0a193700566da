/** What lies in a repository: chunk ids, entries, manifests, snapshot ids. */
package routes.repository.format;
