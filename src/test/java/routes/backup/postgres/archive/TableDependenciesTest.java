package routes.backup.postgres.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableDependenciesTest {

  /** {@code KIND schema.name -> ids = definition} between semicolons; the first has the id 1. */
  private static TableOfContents contents(String text) {
    List<TableOfContents.Line> lines = new ArrayList<>();
    for (String one : text.split(";")) {
      String[] definition = one.strip().split(" = ", 2);
      String[] dependencies = definition[0].split(" -> ", 2);
      String[] name = dependencies[0].split("/", 3);
      lines.add(
          new TableOfContents.Line(
              lines.size() + 1,
              1,
              1,
              name[0],
              name[1],
              name[2],
              "",
              TableOfContents.Section.PRE_DATA,
              definition.length > 1 ? definition[1] : "",
              dependencies.length > 1
                  ? Arrays.stream(dependencies[1].strip().split(" ")).map(Integer::valueOf).toList()
                  : List.of()));
    }
    return new TableOfContents(lines);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a policy reads it | TABLE/s/doc; TABLE/s/acl; POLICY/s/doc p -> 1 2 | s.acl rows
          a policy of another table does not | TABLE/s/doc; TABLE/s/acl; POLICY/s/other p -> 1 2 |
          a view between | TABLE/s/doc; TABLE/s/acl; VIEW/s/v -> 2; POLICY/s/doc p -> 1 3 | s.acl rows
          its definition calls a function | TABLE/s/doc -> 3; TABLE/s/acl; FUNCTION/s/f() -> 2 | s.acl rows
          the function's body is a string | TABLE/s/doc -> 3; TABLE/s/acl; FUNCTION/s/f() = $$SELECT FROM s.ACL$$ | s.acl rows
          a quoted name in the body | TABLE/s/doc -> 3; TABLE/s/A l; FUNCTION/s/f() = $$SELECT FROM "A l"$$ | s.A l rows
          a function calls another | TABLE/s/doc -> 3; TABLE/s/acl; FUNCTION/s/f() = $$g(1)$$; FUNCTION/s/g(integer) = $$acl$$ | s.acl rows
          names within names are none | TABLE/s/doc -> 3; TABLE/s/acl; FUNCTION/s/f() = $$SELECT my_acl.aclx$$ |
          a default needs no rows | TABLE/s/doc; TABLE/s/acl; FUNCTION/s/f() -> 2; DEFAULT/s/doc n -> 1 3 | s.acl
          a rule may ask for rows | TABLE/s/doc; TABLE/s/log; RULE/s/doc r -> 1 2 | s.log rows
          a trigger's function may ask for rows | TABLE/s/doc; TABLE/s/log; FUNCTION/s/t() = $$log$$; TRIGGER/s/doc t -> 1 3 | s.log rows
          what is read and written comes with rows | TABLE/s/doc; TABLE/s/acl; RULE/s/doc r -> 1 2; POLICY/s/doc p -> 1 2 | s.acl rows
          what comes along needs its own | TABLE/s/doc; TABLE/s/acl; TABLE/s/more; POLICY/s/doc p -> 1 2; POLICY/s/acl p -> 2 3 | s.acl rows,s.more rows
          a foreign key needs nothing | TABLE/s/doc; TABLE/s/acl; FK CONSTRAINT/s/doc fk -> 1 2 |
          a domain's check | TABLE/s/doc -> 3; TABLE/s/acl; DOMAIN/s/d -> 4; FUNCTION/s/f() -> 2 | s.acl rows
          a domain's later check | TABLE/s/doc -> 3; TABLE/s/acl; DOMAIN/s/d; CHECK CONSTRAINT/s/d c -> 3 2 | s.acl rows
          a parent without rows, with what its policies read | TABLE/s/doc; TABLE/s/top; TABLE ATTACH/s/doc -> 1 2; TABLE/s/acl; POLICY/s/top p -> 2 4 | s.top,s.acl rows
          a partitioned table that is read | TABLE/s/doc; TABLE/s/top; TABLE/s/leaf; TABLE ATTACH/s/leaf -> 2 3; POLICY/s/doc p -> 1 2 | s.top rows,s.leaf rows
          siblings stay away | TABLE/s/doc; TABLE/s/top; TABLE/s/leaf; TABLE ATTACH/s/doc -> 1 2; TABLE ATTACH/s/leaf -> 2 3 | s.top
          an inheritance parent without rows | TABLE/s/doc -> 2; TABLE/s/top | s.top
          heirs of what is read | TABLE/s/doc; TABLE/s/top; TABLE/s/heir -> 2; POLICY/s/doc p -> 1 2 | s.top rows,s.heir rows
          a body that ends with its quote | TABLE/s/doc -> 3; TABLE/s/acl; FUNCTION/s/f() = $b$SELECT acl$b$ | s.acl rows
          a name with a dollar sign | TABLE/s/doc -> 3; TABLE/s/a$l; FUNCTION/s/f() = $$a$l$$ | s.a$l rows
          heirs of what was chosen stay away | TABLE/s/doc; TABLE/s/heir -> 1 |
          tables that need each other | TABLE/s/doc; TABLE/s/acl; POLICY/s/doc p -> 1 2; POLICY/s/acl p -> 1 2 | s.acl rows
          another schema | TABLE/s/doc; TABLE/x/doc; POLICY/x/doc p -> 1 2; TABLE/s/acl; POLICY/s/doc p -> 1 4 | s.acl rows
          """)
  void tablesComeAlong(String why, String contents, String along) {
    assertThat(
            TableDependencies.of(contents(contents), List.of(new TableName("s", "doc"))).stream()
                .map(one -> one.table().label() + (one.rows() ? " rows" : "")))
        .containsExactlyElementsOf(
            along == null ? List.of() : Stream.of(along.split(",")).toList());
  }
}
