package routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What scripts build on: exit codes for wrong usage, refusals, and a hub that is none. */
class UsageTest extends CliScene {

  @ParameterizedTest(name = "hub {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                       | Usage: hub <verb>
          nonsense                                 | 'nonsense' is not a verb
          --unknown                                | unknown option --unknown
          jobs a b                                 | jobs: unexpected argument 'b'
          jobs --unknown                           | jobs: unknown option --unknown
          run                                      | run: <job or run> is missing
          run backup.drill source                  | run: unexpected argument 'source'
          run backup.drill =x                      | run: unexpected argument '=x'
          run backup.drill --param x               | run: Value for option
          run backup.drill -f                      | run: --follow takes the id of a run
          run 11111111-2222-3333-4444-555555555555 --dry-run | run: the id of a run takes no parameters
          run 11111111-2222-3333-4444-555555555555 a=b       | run: the id of a run takes no parameters
          runs a --state=failed                    | runs: the id of a run and options
          runs --limit                             | runs: option --limit needs a value
          runs --limit --json                      | runs: option --limit needs a value
          runs --limit=x                           | runs: Invalid value for option '--limit'
          runs --since=yesterday                   | runs: --since is 'yesterday' but must be like
          runs --kind=x                            | runs: Invalid value for option '--kind'
          runs a b                                 | runs: unexpected argument 'b'
          retry                                    | retry: <run> is missing
          cancel                                   | cancel: give the id of one run, or options
          cancel --dry-run                         | cancel: give the id of one run, or options
          cancel an-id --state=queued              | cancel: give the id of one run, or options
          cancel an-id --dry-run                   | cancel: give the id of one run, or options
          triggers x                               | triggers: unexpected argument 'x'
          pause not-a-trigger                      | pause: 'not-a-trigger' is not a trigger
          resume /x                                | resume: '/x' is not a trigger
          backfill a/b                             | backfill: option --from is required, option --to is required
          backfill a --from=x --to=y               | backfill: 'a' is not a trigger
          snapshots a b                            | snapshots: unexpected argument 'b'
          diff main                                | diff: <snapshot> is missing
          diff main ..                             | diff: '..' is not a name
          verify                                   | verify: <source> is missing
          drill                                    | drill: <source> is missing
          drill --onec                             | drill: unknown option --onec
          drill main --dry-rum                     | drill: unknown option --dry-rum; did you mean --dry-run
          drill main --copy=a copy=b               | drill: copy is given twice
          restore                                  | restore: <source> is missing
          restore main dev                         | restore: <new-database> is missing
          restore main dev copy latest more        | restore:
          restore main dev a b --into=c            | restore: with --into only a snapshot
          table main                               | table: <schema.table> is missing
          table main public.a --csv --sql          | table: a table is written either as
          table main public.a --json               | table: a table is written either as
          hold main latest                         | hold: <name> is missing
          hold main latest audit by=me             | hold: unexpected argument 'by=me'
          release main latest audit reason=x       | release: unexpected argument 'reason=x'
          retention                                | retention: <source> is missing
          copy                                     | copy: <copy> is missing
          sweep main                               | sweep: unexpected argument 'main'
          set-aside main                           | set-aside: <snapshot> is missing
          dead-letters                             | dead-letters: Missing required subcommand
          dead-letters forget d1                   | dead-letters: 'forget' is not a verb
          dead-letters list --port                 | dead-letters list: option --port needs a value
          dead-letters show                        | dead-letters show: <id> is missing
          dead-letters replay                      | dead-letters replay: give ids, or --port
          dead-letters replay a --port=p           | dead-letters replay: give ids, or --port
          dead-letters replay a --limit=5          | dead-letters replay: give ids, or --port
          dead-letters edit a                      | dead-letters edit: <file> is missing
          dead-letters edit a no-such-file         | dead-letters edit: cannot read no-such-file
          dead-letters discard a                   | dead-letters discard: option --reason is required
          deliveries                               | deliveries: Missing required subcommand
          deliveries list a                        | deliveries list: unexpected argument 'a'
          deliveries show                          | deliveries show: <id> is missing
          deliveries retry                         | deliveries retry: <id> is missing
          cache                                    | cache: Missing required subcommand
          cache fraud                              | cache: 'fraud' is not a verb
          cache drop                               | cache drop: <model> is missing
          cache drop fraud 7 8                     | cache drop: unexpected argument '8'
          cache drop fraud --dry-run               | cache drop: unknown option --dry-run
          cache warm fraud                         | cache warm: <version> is missing
          sessions revoke                          | sessions revoke: <user> is missing
          sessions revoke somebody else            | sessions revoke: unexpected argument 'else'
          sessions list                            | sessions list: <user> is missing
          keys                                     | keys: Missing required subcommand
          keys create ci                           | keys create: option --role is required
          keys create --role=admin                 | keys create: <name> is missing
          keys create ci --role=admin --out=/nowhere/key | keys create: cannot create /nowhere/key
          keys revoke                              | keys revoke: <id> is missing
          keys list x                              | keys list: unexpected argument 'x'
          audit x                                  | audit: unexpected argument 'x'
          trace                                    | trace: <run> is missing
          probes x                                 | probes: unexpected argument 'x'
          memory x                                 | memory: unexpected argument 'x'
          doctor x                                 | doctor: unexpected argument 'x'
          version x                                | version: unexpected argument 'x'
          """)
  void wrongUsageIsTwoNamesTheVerbAndAsksNobody(String arguments, String reason) {
    Ended ended = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

    assertThat(ended.code()).as(ended.err()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .contains(reason, "Usage: hub ")
        .containsPattern("\\./hub .*--help (explains it|lists the verbs)")
        .doesNotContain("\tat ");
    assertThat(hub.asked()).isEmpty();
  }

  @Test
  void everyVerbExplainsItselfAndEachOfItsArguments() {
    List<CommandLine> verbs = new ArrayList<>();
    Cli cli = new Cli(environment, System.out, System.err, java.time.Clock.systemUTC(), 0);
    cli.commandLine().getSubcommands().values().forEach(verb -> addAll(verb, verbs));

    assertThat(verbs).hasSizeGreaterThan(40);
    assertThat(verbs)
        .allSatisfy(
            verb -> {
              assertThat(verb.getCommandSpec().usageMessage().description()).isNotEmpty();
              assertThat(verb.getCommandSpec().args())
                  .allSatisfy(
                      argument ->
                          assertThat(argument.hidden() || argument.description().length > 0)
                              .as(verb.getCommandName() + " " + argument.paramLabel())
                              .isTrue());
            });
    assertThat(run("--help").code()).isZero();
    assertThat(run("--help").out()).contains("dead-letters", "Exit codes", "HUB_PATIENCE");
    assertThat(run("cache", "warm", "--help").out()).contains("Usage: hub cache warm", "<version>");
    assertThat(hub.asked()).isEmpty();
  }

  private static void addAll(CommandLine verb, List<CommandLine> to) {
    if (!verb.getCommandName().matches("help|generate-completion")) {
      to.add(verb);
      verb.getSubcommands().values().forEach(each -> addAll(each, to));
    }
  }

  @Test
  void aShellCompletesVerbsAndOptions() {
    assertThat(run("generate-completion").out())
        .contains("_complete_hub", "dead-letters", "--keep-going");
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "400, 2", "401, 2", "403, 2", "404, 2", "409, 2", "413, 2", "500, 3", "503, 3", "302, 3"
  })
  void whatTheHubRefusesIsTwoAndItsOwnFailureThree(int status, int code) {
    environment.put("HUB_PATIENCE", "0");
    String problem = "{\"status\":" + status + ",\"detail\":\"params.source: is 'x'\"}";
    hub.on(SUBMIT, status, problem).on("GET /api/jobs", status, problem);

    for (Ended ended : List.of(run("drill", "x"), run("jobs"))) {
      assertThat(ended.code()).isEqualTo(code);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.err()).isEqualTo("hub: params.source: is 'x'\n");
    }
  }

  @Test
  void whatIsNoHubIsThree() {
    hub.on("GET /api/jobs", 200, "<html>").on("GET /api/triggers", 200, "{\"other\":1}");

    assertThat(run("jobs").code()).isEqualTo(3);
    assertThat(run("triggers").code()).isEqualTo(3);
    assertThat(run("triggers").err()).contains("is not a hub");
  }

  @Test
  void aHubThatStaysAwayIsThree() {
    environment.put("HUB_PATIENCE", "0");
    hub.on(SUBMIT, 202, runIn("queued")).on(LOOK, 503, "{\"detail\":\"no database\"}");

    Ended away = run("drill", "main");
    environment.put("HUB_URL", "http://127.0.0.1:1");
    Ended dead = run("jobs");

    assertThat(away.code()).isEqualTo(3);
    assertThat(away.err()).contains("no database");
    assertThat(dead.code()).isEqualTo(3);
    assertThat(dead.err())
        .isEqualTo(
            "hub: no hub answers at http://127.0.0.1:1 (Connection refused); ./hub up starts one\n");
  }

  @ParameterizedTest
  @CsvSource({
    "HUB_URL, nonsense",
    "HUB_URL, ftp://127.0.0.1",
    "HUB_URL, http://",
    "HUB_URL, http://a b",
    "HUB_API_KEY_FILE, none",
    "HUB_CA_FILE, none"
  })
  void aWrongVariableIsTwoAndNamed(String name, String value) {
    environment.put(name, value);
    if (name.equals("HUB_CA_FILE")) {
      environment.put("HUB_URL", "https://127.0.0.1:1");
    }

    Ended ended = run("jobs");

    assertThat(ended.code()).as(ended.err()).isEqualTo(2);
    assertThat(ended.err()).contains(name).doesNotContain(KEY);
    assertThat(hub.asked()).isEmpty();
  }

  @Test
  void patienceIsANumberOfSeconds() {
    environment.put("HUB_PATIENCE", "long");
    hub.on(SUBMIT, 503, "");

    assertThat(run("drill", "main").code()).isEqualTo(2);
    assertThat(run("drill", "main").err()).contains("HUB_PATIENCE is 'long'");
  }

  @Test
  void aFileThatHoldsNoKeyIsTwoAndWhatItHoldsIsNotShown() throws Exception {
    Path odd = Files.writeString(folder.resolve("odd"), "a\"\nurl = \"http://elsewhere\n");
    environment.put("HUB_API_KEY_FILE", odd.toString());

    Ended ended = run("jobs");

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("does not contain an API key").doesNotContain("elsewhere");
    assertThat(hub.asked()).isEmpty();
  }

  @Test
  void aKeyThatGoesUnencryptedToAnotherMachineIsWarnedOf() {
    environment.put("HUB_URL", "http://hub.invalid:1");

    Ended ended = run("jobs");

    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err()).contains("unencrypted").doesNotContain(KEY);
  }
}
