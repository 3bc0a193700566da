/**
 * What went wrong, as types: the caller's mistakes, conflicts, overload, failures that no repeat
 * will heal; and the problem document that tells a caller of them.
 */
package routes.kernel.errors;
