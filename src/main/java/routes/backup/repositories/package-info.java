/**
 * The hub's repository and its copies: opened anew for each run, leased among replicas, checked by
 * the doctor.
 */
package routes.backup.repositories;
