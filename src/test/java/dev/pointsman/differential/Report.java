package dev.pointsman.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

/** The report about a seed with findings. */
final class Report {
  private Report() {}

  /** The report as text: requests with both outcomes and their differences, and the command that runs the seed again. */
  static String text(Verdict verdict) {
    long seed = verdict.situation().seed();
    return "seed " + seed + "; manifests and outcomes: target/differential/" + seed
        + "; again: hack/differential.sh --seed " + seed + "\n"
        + verdict.findings().stream().map(Report::text).collect(Collectors.joining("\n"));
  }

  private static String text(Verdict.Finding finding) {
    return "  request " + finding.request() + "\n    Pointsman " + text(finding.pointsman())
        + "\n    stock     " + text(finding.stock()) + "\n"
        + finding.differences().stream()
            .map(difference -> "    " + difference)
            .collect(Collectors.joining("\n"));
  }

  private static String text(Outcome outcome) {
    ClientResponse response = outcome.response();
    return response.status() + " " + response.end() + " in " + response.millis() + " ms, "
        + outcome.received().size() + " received, " + outcome.copies().size() + " copies, "
        + outcome.picks().size() + " picks, access " + outcome.access();
  }

  /** Writes manifests and outcomes of a seed to a folder. */
  static void write(Verdict verdict, Observations pointsman, Observations stock, Path folder)
      throws IOException {
    Files.createDirectories(folder);
    Situation situation = verdict.situation();
    for (Side side : Side.values()) {
      String name = side.name().toLowerCase(Locale.ROOT);
      Files.writeString(
          folder.resolve(name + ".yaml"),
          new Rendering(situation, new Addresses(0, 0), side).all());
      Observations observations = side == Side.POINTSMAN ? pointsman : stock;
      Files.writeString(
          folder.resolve(name + ".txt"),
          situation.requests().stream()
              .map(request ->
                  request + "\n" + observations.of(situation, request).getFirst() + "\n")
              .collect(Collectors.joining("\n")));
    }
    Files.writeString(folder.resolve("verdict.txt"), text(verdict));
  }
}
