/**
 * The command line: a program of its own that asks a running hub over HTTP. It needs the JDK,
 * picocli and Jackson only, knows nothing of the hub's other packages and is not in its jar
 * (enforced by: {@code ArchitectureTest}).
 *
 * <p>A verb is one static method; its parameters are its options and arguments, from which help and
 * shell completion are made.
 */
package routes.cli;
