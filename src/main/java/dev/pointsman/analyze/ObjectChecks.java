package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.UserStrings;
import java.util.List;
import java.util.stream.Stream;

/** Objects that are not valid by themselves, as the server's parsers say. */
final class ObjectChecks implements Check {
  @Override
  public void check(Manifests manifests, FindingCollector report) {
    manifests
        .objects()
        .diagnostics()
        .forEach((manifest, found) -> found.forEach(one -> report.add(manifest, one)));
    manifests.all().forEach(manifest -> suppressed(report, manifest));
    manifests.all().forEach(manifest -> suppressed(report, manifest));
    if (manifests.known().cluster()) {
      return; // an object that two lists have
    }
    for (Manifest second : manifests.duplicates()) {
      String first = manifests
          .all()
          .filter(one -> one.object().ref().equals(second.object().ref())
              && one.object().group().equals(second.object().group()))
          .findFirst()
          .map(one -> one.file() + ":" + one.line(""))
          .orElse("");
      report.add(
          second,
          Reason.DuplicateObject,
          "",
          "is defined already", // without the place: diff compares messages of two folders
          "The other definition is in " + UserStrings.legible(first)
              + ". One of the two has effect, depending on the order in which they are applied",
          "Remove one of them, or give it another name");
    }
  }

  private static void suppressed(FindingCollector report, Manifest manifest) {
    List<String> known = Stream.of(Reason.values()).map(Reason::code).toList();
    FindingCollector.suppressed(manifest)
        .filter(code -> !code.isEmpty() && !known.contains(code))
        .forEach(code -> report.add(
            manifest,
            Reason.InvalidObject,
            "metadata.annotations." + FindingCollector.SUPPRESS,
            "names " + code + ", which is no code",
            "Nothing is suppressed by it",
            "Name codes such as PM0102, separated by commas"));
  }
}
