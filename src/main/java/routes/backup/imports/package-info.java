/**
 * {@code backup.import}: the dumps of a script that is given up become snapshots like others, but
 * for one thing: they are not proven, and cannot be. A file that is not whole is refused.
 */
package routes.backup.imports;
