/**
 * The prediction cache: one contract over Redis for what models answered. {@code
 * docs/formats/prediction-cache.md} describes what lies there well enough that other programs can
 * read and write it. Its requests are no runs and leave no row; metrics and a trace. The job {@code
 * cache.warm} alone is one.
 */
package routes.cache;
