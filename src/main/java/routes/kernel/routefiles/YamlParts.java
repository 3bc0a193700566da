package routes.kernel.routefiles;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.dsl.yaml.common.YamlDeserializationContext;
import org.apache.camel.model.TemplatedRouteDefinition;
import org.apache.camel.spi.Resource;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Camel's YAML, with each {@code templatedRoute} on its own, so that a wrong one harms no other;
 * what belongs together, such as routes and their interceptors, stays together.
 */
final class YamlParts extends YamlRoutesBuilderLoader {

  /** A {@code templatedRoute}, not looked at yet. */
  static final class Templated {

    private final int line;
    private final RouteBuilder builder;

    private Templated(int line, RouteBuilder builder) {
      this.line = line;
      this.builder = builder;
    }

    /** From 1. */
    int line() {
      return line;
    }

    /**
     * @throws Exception when Camel does not understand it
     */
    TemplatedRouteDefinition read() throws Exception {
      builder.configure();
      return builder.getTemplatedRouteCollection().getTemplatedRoutes().get(0);
    }
  }

  private final List<Templated> templated = new ArrayList<>();
  private RouteBuilder others;

  private YamlParts(CamelContext context) {
    setCamelContext(context);
  }

  /**
   * Reads a file; what it holds is read when it is asked for.
   *
   * @throws Exception when it is no YAML
   */
  static YamlParts of(Resource file, CamelContext context) throws Exception {
    YamlParts parts = new YamlParts(context);
    parts.build();
    parts.start();
    parts.preParseRoute(file);
    parts.others = (RouteBuilder) parts.loadRoutesBuilder(file);
    parts.templated.forEach(
        part -> {
          part.builder.setCamelContext(context);
          part.builder.setResource(file);
        });
    return parts;
  }

  List<Templated> templated() {
    return templated;
  }

  /** All that is no {@code templatedRoute}. */
  RouteBuilder others() {
    return others;
  }

  @Override
  protected RouteBuilder builder(YamlDeserializationContext context, Node root) {
    if (!(root instanceof SequenceNode all)) {
      return super.builder(context, root);
    }
    List<Node> rest = new ArrayList<>();
    for (Node node : all.getValue()) {
      if (isTemplated(node)) {
        int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        templated.add(new Templated(line, super.builder(context, sequence(all, List.of(node)))));
      } else {
        rest.add(node);
      }
    }
    return super.builder(context, sequence(all, rest));
  }

  private static boolean isTemplated(Node node) {
    return node instanceof MappingNode item
        && !item.getValue().isEmpty()
        && item.getValue().get(0).getKeyNode() instanceof ScalarNode key
        && (key.getValue().equals("templatedRoute") || key.getValue().equals("templated-route"));
  }

  private static SequenceNode sequence(SequenceNode like, List<Node> items) {
    return new SequenceNode(like.getTag(), items, like.getFlowStyle());
  }
}
