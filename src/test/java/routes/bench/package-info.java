/**
 * {@code ./hub bench}: how fast the hub is, beside its peer, on the same data in the same run. Not
 * tests: nothing here fails because a machine is slow.
 */
package routes.bench;
