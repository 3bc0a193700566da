package routes.backup.postgres.database;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a snapshot's definitions need of the server they are restored to, kept with the entry {@code
 * definitions}. A snapshot from before this was noted needs nothing that is known.
 *
 * @param roles that own something or were granted something
 * @param publicSchema whether there is a schema {@code public}; a new database has one
 * @param publicGrants privileges on that schema where a dump does not tell them, else null
 * @param extensions versions by name
 * @param tablespaces that tables or indexes lie in
 * @param naming objects that name roles themselves
 * @param database the database's own settings, or null when not known
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServerRequirements(
    List<String> roles,
    Boolean publicSchema,
    List<Grant> publicGrants,
    Map<String, String> extensions,
    List<String> tablespaces,
    List<Naming> naming,
    DatabaseSettings database) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  public ServerRequirements {
    roles = roles == null ? List.of() : List.copyOf(roles);
    publicSchema = publicSchema == null || publicSchema;
    extensions = extensions == null ? Map.of() : new TreeMap<>(extensions);
    tablespaces = tablespaces == null ? List.of() : List.copyOf(tablespaces);
    naming = naming == null ? List.of() : List.copyOf(naming);
  }

  /**
   * An object that cannot be made where its roles are missing.
   *
   * @param classOid catalogue it is in, as the dump's table of contents has it
   * @param oid in the source
   * @param line beginning of the line of its user mapping, or of its comment
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Naming(
      @JsonProperty("class") long classOid,
      long oid,
      String what,
      String line,
      List<String> roles) {}

  static ServerRequirements parse(String json, List<String> roles) throws SQLException {
    try {
      ServerRequirements read = JSON.readValue(json, ServerRequirements.class);
      return new ServerRequirements(
          roles,
          read.publicSchema,
          read.publicGrants,
          read.extensions,
          read.tablespaces,
          read.naming,
          read.database);
    } catch (JsonProcessingException e) {
      throw new SQLException("the server's answer is not a JSON object", e);
    }
  }

  public Map<String, Object> about() {
    return JSON.convertValue(this, MAP);
  }

  public static ServerRequirements of(Map<String, Object> about) {
    return JSON.convertValue(about, ServerRequirements.class);
  }

  /** Names that are wanted and not there, sorted. */
  static List<String> missing(Collection<String> wanted, Collection<String> there) {
    return wanted.stream().filter(name -> !there.contains(name)).distinct().sorted().toList();
  }

  /** Statements for when owners and privileges were restored. */
  public List<String> grants() {
    return publicGrants == null
        ? List.of()
        : Grant.statements("SCHEMA public", List.of("PUBLIC", "CURRENT_USER"), publicGrants);
  }

  /** Objects of which a role is not among these. */
  public List<Naming> unmet(List<String> rolesThere) {
    return naming.stream().filter(one -> !rolesThere.containsAll(one.roles())).toList();
  }
}
