package dev.pointsman.diff;

import dev.pointsman.explain.GatewayOverview.RuleOverview;
import dev.pointsman.explain.RequestEnd;
import dev.pointsman.explain.RequestEnd.Answered;
import dev.pointsman.explain.RequestEnd.Forwarded;
import dev.pointsman.explain.RequestEnd.MirroredShare;
import dev.pointsman.explain.RequestEnd.PickerUse;
import dev.pointsman.explain.RequestEnd.Redirected;
import dev.pointsman.explain.RequestEnd.Staged;
import dev.pointsman.explain.RequestEnd.TrafficShare;
import dev.pointsman.explain.ShareWords;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The facts of a rule's traffic, by their names. The endpoints of pools are not among them: they change without the rule. */
final class EndFacts {
  /** A cluster of Envoy Gateway's, whose number changes with the rules before it. */
  private static final Pattern NUMBERED =
      Pattern.compile("httproute/[^/]+/[^/]+/rule/\\d+(?:[/-](backend|mirror)[/-](\\d+))?");

  private final SequencedMap<String, String> facts = new LinkedHashMap<>();

  private EndFacts() {}

  static SequencedMap<String, String> of(RuleOverview rule) {
    EndFacts facts = new EndFacts();
    facts.put("", "object", List.of(rule.owner()));
    facts.add("", rule.end());
    return facts.facts;
  }

  private void add(String prefix, RequestEnd end) {
    switch (end) {
      case Answered answered ->
        put(
            prefix,
            "response",
            List.of((answered.status() + " " + answered.code()).strip() + ", " + answered.cause()));
      case Redirected redirected ->
        put(prefix, "redirect", List.of(redirected.status() + " to " + redirected.target()));
      case Staged(List<RequestEnd> stages, String when) -> {
        add(prefix, stages.getFirst());
        for (int i = 1; i < stages.size(); i++) {
          put(prefix, "stage " + (i + 1) + " condition", List.of(when));
          add(prefix + "stage " + (i + 1) + " ", stages.get(i));
        }
      }
      case Forwarded forwarded -> add(prefix, forwarded);
    }
  }

  private void add(String prefix, Forwarded forwarded) {
    put(prefix, "shares", forwarded.shares().stream().map(EndFacts::words).toList());
    for (TrafficShare share : forwarded.shares()) {
      String of = " of " + backend(share);
      share.picker().ifPresent(picker -> put(prefix, "picker" + of, List.of(words(picker))));
      share.subset().ifPresent(subset -> put(prefix, "subset" + of, List.of(subset)));
      put(prefix, "protection" + of, share.protection());
      share
          .endpoints()
          .filter(_ -> share.pool().isEmpty())
          .ifPresent(all -> put(prefix, "endpoints" + of, all));
    }
    put(prefix, "mirrors", forwarded.mirrors().stream().map(EndFacts::words).toList());
    put(prefix, "limits", forwarded.limits());
    put(prefix, "headers", forwarded.headers());
  }

  private void put(String prefix, String fact, List<String> words) {
    if (!words.isEmpty()) {
      facts.merge(prefix + fact, String.join(", ", words), (one, other) -> one + "; " + other);
    }
  }

  private static String words(TrafficShare share) {
    return ShareWords.percent(share.percent()) + " " + backend(share);
  }

  private static String words(PickerUse picker) {
    return picker.service() + ", " + picker.tls() + ", "
        + (picker.failsOpen() ? "fails open" : "fails closed");
  }

  private static String words(MirroredShare mirror) {
    return ShareWords.percent(mirror.percent()) + " "
        + mirror.pool().orElseGet(() -> backend(mirror.cluster()));
  }

  static String backend(TrafficShare share) {
    return share.pool().orElseGet(() -> backend(share.cluster()));
  }

  private static String backend(String cluster) {
    Matcher numbered = NUMBERED.matcher(cluster);
    if (!numbered.matches()) {
      return cluster;
    }
    String which =
        numbered.group(1) == null ? "other backends" : numbered.group(1) + " " + numbered.group(2);
    return which + " of its HTTPRoute";
  }
}
