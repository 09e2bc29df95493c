package dev.pointsman.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

/** Words about a seed that differs. */
final class Report {
  private Report() {}

  /** The manifests' folder, the requests with both answers and their differences, and how to play it again. */
  static String text(Verdict verdict) {
    long seed = verdict.situation().seed();
    return "seed " + seed + "; manifests and answers: target/differential/" + seed
        + "; again: hack/differential.sh --seed " + seed + "\n"
        + verdict.findings().stream().map(Report::text).collect(Collectors.joining("\n"));
  }

  private static String text(Verdict.Finding finding) {
    return "  request " + finding.ask() + "\n    Pointsman " + text(finding.pointsman())
        + "\n    stock     " + text(finding.stock()) + "\n"
        + finding.differences().stream()
            .map(difference -> "    " + difference)
            .collect(Collectors.joining("\n"));
  }

  private static String text(Outcome outcome) {
    Answer answer = outcome.answer();
    return answer.status() + " " + answer.end() + " in " + answer.millis() + " ms, "
        + outcome.arrivals().size() + " arrivals, " + outcome.copies().size() + " copies, "
        + outcome.picks().size() + " picks, access " + outcome.access();
  }

  /** Keeps all of a seed in a folder. */
  static void write(Verdict verdict, Seen pointsman, Seen stock, Path folder) throws IOException {
    Files.createDirectories(folder);
    Situation situation = verdict.situation();
    for (Side side : Side.values()) {
      String name = side.name().toLowerCase(Locale.ROOT);
      Files.writeString(
          folder.resolve(name + ".yaml"), new Rendering(situation, new Site(0, 0), side).all());
      Seen seen = side == Side.POINTSMAN ? pointsman : stock;
      Files.writeString(
          folder.resolve(name + ".txt"),
          situation.asks().stream()
              .map(ask -> ask + "\n" + seen.of(situation, ask).getFirst() + "\n")
              .collect(Collectors.joining("\n")));
    }
    Files.writeString(folder.resolve("verdict.txt"), text(verdict));
  }
}
