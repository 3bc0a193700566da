/**
 * An operation is one controller method with a role: strict parameters, strict JSON, problem
 * documents, pages of lists, idempotency keys. See {@link routes.web.operations.OperationGate} for
 * what each request passes before its body is read.
 */
package routes.web.operations;
