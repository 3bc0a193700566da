package routes.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.Stack;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The verbs that ask a running hub. {@code ./hub} adds those that set up, start and test one. */
@Command(name = "hub", synopsisHeading = "Usage: ", customSynopsis = "hub <verb> [<option>...]")
public final class Cli implements IFactory {

  private final Console console;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true)
  boolean help;

  /**
   * @param environment variables, as the help lists them
   * @param columns width of the terminal behind standard error; 0: it is not a terminal
   */
  Cli(
      Map<String, String> environment,
      OutputStream out,
      OutputStream err,
      Clock clock,
      int columns) {
    PrintWriter errors = new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
    this.console =
        new Console(
            new Hub(environment, errors),
            out,
            new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)),
            errors,
            clock,
            columns);
  }

  public static void main(String[] args) {
    int code =
        new Cli(
                System.getenv(),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                Clock.systemUTC(),
                Integer.getInteger("hub.columns", 0))
            .run(args);
    System.exit(code);
  }

  /**
   * @return the exit code
   */
  int run(String... args) {
    int code = commandLine().execute(args);
    // A reader that has gone, such as head, is no failure; and what it did not read is not written.
    console.out.flush();
    console.err.flush();
    return code;
  }

  /** Every verb, its options and arguments. */
  CommandLine commandLine() {
    CommandLine top = new CommandLine(this, this);
    for (Object group :
        List.of(
            new RunVerbs(),
            new TriggerVerbs(),
            new BackupVerbs(),
            new MessageVerbs(),
            new StoreVerbs(),
            new HubVerbs())) {
      new CommandLine(group, this).getSubcommands().forEach(top::addSubcommand);
    }
    top.addSubcommand("help", new CommandLine.HelpCommand());
    top.addSubcommand("generate-completion", new AutoComplete.GenerateCompletion());
    top.setResourceBundle(ResourceBundle.getBundle("routes.cli.help", Locale.ROOT));
    eachVerb(top, verb -> verb.getCommandSpec().preprocessor(new NamedValues()));
    return top.setOut(console.out)
        .setErr(console.err)
        .setUsageHelpWidth(console.columns > 40 ? Math.min(console.columns, 120) : 100)
        .setExecutionStrategy(this::execute)
        .setParameterExceptionHandler((wrong, args) -> refused(wrong))
        .setExecutionExceptionHandler((failure, verb, parsed) -> failed(failure, verb));
  }

  private static void eachVerb(CommandLine of, Consumer<CommandLine> action) {
    action.accept(of);
    of.getSubcommands().values().forEach(verb -> eachVerb(verb, action));
  }

  /**
   * {@code name=value} is a parameter of a job, or else the option of that name, wherever it
   * stands: {@code ./hub hold main latest audit reason=…}.
   */
  private static final class NamedValues implements IParameterPreprocessor {

    private static final Pattern NAMED = Pattern.compile("([A-Za-z][A-Za-z0-9_.-]*)=(?s:.*)");

    @Override
    public boolean preprocess(
        Stack<String> args, CommandSpec verb, ArgSpec argument, Map<String, Object> info) {
      boolean isValue = false;
      for (int i = args.size() - 1; i >= 0 && !args.get(i).equals("--"); i--) { // first is on top
        Matcher named = NAMED.matcher(args.get(i));
        OptionSpec option = verb.findOption(args.get(i));
        if (!isValue && named.matches()) {
          if (verb.findOption("--param") != null) {
            args.set(i, "--param=" + args.get(i));
          } else if (verb.findOption("--" + named.group(1)) != null) {
            args.set(i, "--" + args.get(i));
          }
        }
        isValue = option != null && option.arity().max() > 0;
      }
      return false;
    }
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    return type == Console.class ? type.cast(console) : CommandLine.defaultFactory().create(type);
  }

  private int execute(ParseResult parsed) {
    ParseResult verb = parsed;
    while (verb.hasSubcommand()) {
      verb = verb.subcommand();
    }
    int code = new CommandLine.RunLast().execute(parsed);
    if (verb.commandSpec().name().equals("run")
        && verb.isUsageHelpRequested()
        && verb.hasMatchedPositional(0)) {
      console.out.println();
      try {
        RunVerbs.describe(
            console,
            console.hub.get(Hub.path("/jobs/%s", verb.matchedPositionalValue(0, ""))).json());
      } catch (Failure failure) {
        console.say(failure.getMessage());
        return failure.code();
      }
    }
    return code;
  }

  private int failed(Exception failure, CommandLine verb) throws Exception {
    console.out.flush();
    if (!(failure instanceof Failure told)) {
      throw failure;
    }
    if (told.isUsage()) {
      wrong(verb, told.getMessage());
    } else {
      console.say(told.getMessage());
    }
    return told.code();
  }

  private int refused(ParameterException wrong) {
    CommandLine verb = wrong.getCommandLine();
    // What is there and unknown comes before what is missing: it may be the same thing, misspelt.
    List<String> unknown = verb.getUnmatchedArguments();
    wrong(verb, reason(unknown.isEmpty() ? wrong : new UnmatchedArgumentException(verb, unknown)));
    return Failure.REFUSED;
  }

  private void wrong(CommandLine verb, String reason) {
    String name = verb.getCommandSpec().qualifiedName().replaceFirst("^hub ?", "");
    console.say((name.isEmpty() ? "" : name + ": ") + Table.clean(reason));
    String synopsis = verb.getHelp().synopsis(0).strip().replaceAll("\\R\\s*", "\n       ");
    console.err.println("Usage: " + synopsis);
    console.err.println(
        name.isEmpty() ? "./hub --help lists the verbs" : "./hub " + name + " --help explains it");
  }

  private static String reason(ParameterException wrong) {
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().get(0);
      boolean option = unmatched.isUnknownOption();
      boolean verb = !option && !wrong.getCommandLine().getSubcommands().isEmpty();
      String what =
          option
              ? "unknown option " + first.replaceFirst("=.*", "")
              : verb ? "'" + first + "' is not a verb" : "unexpected argument '" + first + "'";
      List<String> similar = option || verb ? unmatched.getSuggestions() : List.of();
      return what
          + (similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?");
    }
    if (wrong instanceof MissingParameterException missing) {
      boolean value =
          wrong.getMessage().matches("(Missing required|Expected) parameter for option.*");
      return missing.getMissing().stream()
          .map(
              each ->
                  each instanceof OptionSpec option
                      ? "option "
                          + option.longestName()
                          + (value ? " needs a value" : " is required")
                      : each.paramLabel() + " is missing")
          .collect(Collectors.joining(", "));
    }
    return wrong.getMessage();
  }
}
