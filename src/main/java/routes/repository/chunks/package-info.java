/** Rows become chunks and chunks become rows: cut, compressed, stored once, verified when read. */
package routes.repository.chunks;
