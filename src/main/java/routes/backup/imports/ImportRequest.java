package routes.backup.imports;

/**
 * Body of {@code direct:backup.import}.
 *
 * @param from name under {@code hub.imports}
 */
record ImportRequest(String from) {}
