package dev.pointsman.explain;

import dev.pointsman.explain.Explanation.LostRoute;
import dev.pointsman.explain.Explanation.RouteChoice;
import dev.pointsman.explain.ProxyConfiguration.State;
import dev.pointsman.explain.RequestEnd.Answered;
import dev.pointsman.explain.RequestEnd.Forwarded;
import dev.pointsman.explain.RequestEnd.MirroredShare;
import dev.pointsman.explain.RequestEnd.PickerUse;
import dev.pointsman.explain.RequestEnd.Redirected;
import dev.pointsman.explain.RequestEnd.Staged;
import dev.pointsman.explain.RequestEnd.TrafficShare;
import dev.pointsman.model.UserStrings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An explanation as lines of text. */
public final class TextRendering {
  private static final int LABEL = 14;
  private static final int MOST_ENDPOINTS = 8;
  private static final String BOLD = "\u001b[1m";
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String FAINT = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";

  private final boolean colours;
  private final StringBuilder text = new StringBuilder();

  private TextRendering(boolean colours) {
    this.colours = colours;
  }

  /**
   * The text.
   *
   * @param colours whether the terminal shows colours
   */
  public static String of(Explanation explanation, boolean colours) {
    TextRendering rendering = new TextRendering(colours);
    rendering.add(explanation);
    return rendering.text.toString();
  }

  /** The lines of the way, without the routes that do not take the request. */
  static List<String> way(Explanation explanation) {
    TextRendering rendering = new TextRendering(false);
    rendering.way(explanation.besides(List.of()), false); // a proxy is asked about one listener
    return rendering.text.toString().lines().toList();
  }

  private void add(Explanation explanation) {
    AskedRequest request = explanation.request();
    line(
        BOLD,
        "request",
        request.method() + " " + request.path() + " to " + request.host()
            + (request.body().text().isPresent()
                ? ", a body of " + request.body().bytes() + " bytes"
                : ""));
    way(explanation, true);
    explanation
        .diagnostics()
        .forEach(diagnostic -> line(RED, "diagnostic", "of the last translation: " + diagnostic));
    explanation.proxies().forEach(this::add);
  }

  private void way(Explanation explanation, boolean withLost) {
    String others = explanation.otherListeners().isEmpty()
        ? ""
        : "; --listener for the others: " + String.join(", ", explanation.otherListeners());
    line("", "listener", explanation.listener() + others);
    line("", "virtual host", explanation.virtualHost().orElse("none"));
    explanation
        .reading()
        .ifPresent(reading ->
            line("", "model", reading.model().orElse("none") + ": " + reading.because()));
    for (RouteChoice choice : explanation.choices()) {
      line("", "route", words(choice));
    }
    if (withLost && !explanation.choices().isEmpty()) {
      lost(explanation.choices().getLast());
    }
    explanation.gates().forEach(gate -> line("", "filter", gate + " may respond instead"));
    explanation
        .unread()
        .forEach(field -> line(RED, "not read", field + ": it may lead the request elsewhere"));
    add(explanation.end());
  }

  private void add(ProxyConfiguration proxy) {
    line(
        proxy.state() == State.SAME ? GREEN : RED,
        "proxy",
        proxy.proxy()
            + switch (proxy.state()) {
              case SAME -> " uses this configuration";
              case DIFFERENT -> " uses another configuration, as before it has taken a change";
              case UNKNOWN -> ": its configuration is not known";
            });
    proxy.lacks().forEach(part -> line(RED, "  lacks", part));
    proxy.uses().forEach(part -> line(RED, "  uses", part));
    proxy.notes().forEach(note -> line(RED, "  note", note));
  }

  private void add(RequestEnd end) {
    switch (end) {
      case Answered answered -> line(RED, "response", words(answered));
      case Redirected redirected ->
        line(RED, "redirect", redirected.status() + " to " + redirected.target());
      case Forwarded forwarded -> add(forwarded);
      case Staged(List<RequestEnd> stages, String when) -> {
        for (int i = 0; i < stages.size(); i++) {
          line(BOLD, "stage " + (i + 1), i == 0 ? "the rule's own" : "after " + when);
          add(stages.get(i));
        }
      }
    }
  }

  private static String words(RouteChoice choice) {
    return choice.stage() + ": " + choice.route().orElse("none")
        + (choice.owner().isEmpty() ? "" : " of " + choice.owner())
        + (choice.route().isPresent() ? ", number " + choice.position() + " of its host" : "");
  }

  private void lost(RouteChoice choice) {
    for (LostRoute lost : choice.lost()) {
      line(
          FAINT,
          "  not",
          lost.route() + (lost.owner().isEmpty() ? "" : " of " + lost.owner()) + ": "
              + String.join("; ", lost.unmet()));
    }
    if (choice.others() > 0) {
      line(FAINT, "  not", choice.others() + " other routes before it");
    }
  }

  static String words(Answered answered) {
    return answered.status() + (answered.code().isEmpty() ? "" : " " + answered.code()) + ": "
        + answered.cause();
  }

  private void add(Forwarded forwarded) {
    for (TrafficShare share : forwarded.shares()) {
      line(
          share.error().isPresent() ? RED : GREEN,
          "share",
          ShareWords.percent(share.percent()) + " to "
              + share.pool().map(pool -> "InferencePool " + pool + ", ").orElse("")
              + "cluster " + share.cluster());
      share.subset().ifPresent(labels -> line("", "  subset", "pods with " + labels));
      share.picker().ifPresent(this::add);
      share.tls().ifPresent(words -> line("", "  connection", words));
      line("", "  endpoints", endpoints(share.endpoints()));
      share.protection().forEach(words -> line("", "  protection", words));
      share.error().ifPresent(error -> line(RED, "  response", words(error)));
    }
    for (MirroredShare mirror : forwarded.mirrors()) {
      line(
          "",
          "mirror",
          ShareWords.percent(mirror.percent()) + " copied to "
              + mirror.pool().map(pool -> "InferencePool " + pool + ", ").orElse("")
              + "cluster " + mirror.cluster() + ", endpoints: "
              + endpoints(mirror.endpoints()));
    }
    forwarded.headers().forEach(words -> line("", "header", words));
    forwarded.limits().forEach(words -> line("", "limit", words));
    forwarded
        .largeBodies()
        .ifPresent(words -> line("", "large bodies", "bodies of 4 MB and more " + words));
  }

  private void add(PickerUse picker) {
    line(
        "",
        "  picker",
        picker.service() + ", " + picker.tls() + ", "
            + (picker.failsOpen() ? "fails open" : "fails closed") + ", endpoints: "
            + endpoints(picker.endpoints()));
  }

  private static String endpoints(Optional<List<String>> endpoints) {
    if (endpoints.isEmpty()) {
      return "not known";
    }
    List<String> all = endpoints.get();
    if (all.size() == 1 && all.getFirst().startsWith("/")) {
      return "through a loop of the proxy, in which the pool's own picker chooses";
    }
    String first = all.stream().limit(MOST_ENDPOINTS).collect(Collectors.joining(", "));
    return all.isEmpty()
        ? "none now"
        : all.size() <= MOST_ENDPOINTS
            ? first
            : first + " and " + (all.size() - MOST_ENDPOINTS) + " more";
  }

  private void line(String colour, String label, String words) {
    String padded = label + " ".repeat(Math.max(1, LABEL - label.length()));
    boolean isColoured = colours && !colour.isEmpty();
    text.append(isColoured ? colour : "")
        .append(padded)
        .append(UserStrings.legible(words))
        .append(isColoured ? PLAIN : "")
        .append('\n');
  }
}
