package dev.pointsman.explain;

import dev.pointsman.explain.Explanation.RouteChoice;
import dev.pointsman.explain.RequestEnd.Answered;
import dev.pointsman.explain.RequestEnd.Forwarded;
import dev.pointsman.explain.RequestEnd.MirroredShare;
import dev.pointsman.explain.RequestEnd.Redirected;
import dev.pointsman.explain.RequestEnd.Staged;
import dev.pointsman.explain.RequestEnd.TrafficShare;
import dev.pointsman.model.UserStrings;
import java.util.List;

/** An explanation as a flow chart of Mermaid. */
public final class MermaidRendering {
  private final StringBuilder chart = new StringBuilder("flowchart LR\n");
  private int nodes;

  private MermaidRendering() {}

  /** The chart. */
  public static String of(Explanation explanation) {
    MermaidRendering rendering = new MermaidRendering();
    rendering.add(explanation);
    return rendering.chart.toString();
  }

  private void add(Explanation explanation) {
    AskedRequest request = explanation.request();
    int last = node(request.method() + " " + request.host() + request.path());
    last = arrow(last, "", node("listener " + explanation.listener()));
    for (RouteChoice choice : explanation.choices()) {
      last = arrow(last, choice.stage(), node("route " + choice.route().orElse("none")));
    }
    add(last, explanation.end());
  }

  private void add(int last, RequestEnd end) {
    switch (end) {
      case Answered answered -> {
        int _ = arrow(last, "", node(TextRendering.words(answered)));
      }
      case Redirected redirected -> {
        int _ = arrow(last, "", node(redirected.status() + " " + redirected.target()));
      }
      case Forwarded forwarded -> add(last, forwarded);
      case Staged(List<RequestEnd> stages, String when) -> {
        int from = last;
        for (int i = 0; i < stages.size(); i++) {
          from = arrow(from, i == 0 ? "" : when, node("stage " + (i + 1)));
          add(from, stages.get(i));
        }
      }
    }
  }

  private void add(int from, Forwarded forwarded) {
    for (TrafficShare share : forwarded.shares()) {
      int backend = node(share.pool().map(pool -> "InferencePool " + pool).orElse(share.cluster()));
      int _ = arrow(from, ShareWords.percent(share.percent()), backend);
      share.picker().ifPresent(picker -> {
        int _ = arrow(backend, "asks", node("picker " + picker.service()));
      });
      share.error().ifPresent(error -> {
        int _ = arrow(backend, "", node(TextRendering.words(error)));
      });
    }
    for (MirroredShare mirror : forwarded.mirrors()) {
      int _ = arrow(from, "copies " + ShareWords.percent(mirror.percent()), node(mirror.cluster()));
    }
  }

  private int node(String words) {
    nodes++;
    chart.append("  n" + nodes + "[\"" + escaped(words) + "\"]\n");
    return nodes;
  }

  private int arrow(int from, String words, int to) {
    chart.append("  n" + from + " -->" + (words.isEmpty() ? "" : "|\"" + escaped(words) + "\"|")
        + " n" + to + "\n");
    return to;
  }

  /** Mermaid takes users' characters as its own language, unless they are entities. */
  private static String escaped(String words) {
    StringBuilder escaped = new StringBuilder();
    UserStrings.legible(words).codePoints().forEach(point -> {
      if (Character.isLetterOrDigit(point) || " /-_.:,*%".indexOf(point) >= 0) {
        escaped.appendCodePoint(point);
      } else {
        escaped.append("#" + point + ";");
      }
    });
    return escaped.toString();
  }
}
