/**
 * The backup repository: a format of chunks and manifests in an object store, described for other
 * programs in {@code docs/formats/repository.md}. A leaf library: no Camel, no Spring.
 *
 * <p>Writing: {@link routes.repository.Repository#open} → {@link
 * routes.repository.Repository#pipeline} → one {@link routes.repository.chunks.ChunkWriter} per
 * entry → a {@link routes.repository.format.Manifest} → {@link
 * routes.repository.Repository#publish}. Reading: {@link routes.repository.Repository#read} →
 * {@link routes.repository.chunks.ChunkReader} per thread. Removing: {@link
 * routes.repository.Repository#remove}, then two visits of {@link routes.repository.Sweep}.
 *
 * <p>Encryption: an {@link routes.repository.crypto.Encryption} says what this hub knows of the
 * repository's secrets, and {@code Seals} decides from it what is sealed, opened and believed.
 */
package routes.repository;
