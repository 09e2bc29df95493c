package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The output of {@code pointsman translate} for every case of testdata/translate. {@code hack/golden.sh} rewrites it. */
class GoldenTest {
  private static final List<String> INPUTS = List.of("objects.yaml", "resources");

  @BeforeAll
  static void updateDerivedCases() throws IOException {
    if (Boolean.getBoolean("golden.update")) {
      DerivedCases.write();
    }
  }

  static Stream<GoldenCase> cases() {
    return GoldenCase.all();
  }

  static Stream<String> derived() {
    return DerivedCases.ALL.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void printsWhatIsRecorded(GoldenCase golden) {
    GoldenCase.Printed printed = golden.translate();
    new GoldenFile(golden.folder().resolve("out.yaml")).assertIs(printed.out());
    new GoldenFile(golden.folder().resolve("diagnostics.txt")).assertIs(printed.diagnostics());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aCaseHoldsNothingElse(GoldenCase golden) throws IOException {
    try (Stream<Path> files = Files.list(golden.folder())) {
      List<String> others = files
          .map(file -> file.getFileName().toString())
          .filter(file -> !file.matches("\\d{4}-Post\\w+Modify\\.pb|out\\.yaml|diagnostics\\.txt"))
          .filter(file -> !INPUTS.contains(file))
          .toList();
      assertThat(others).isEmpty();
    }
    assertThat(golden.folder().resolve("objects.yaml")).exists();
  }

  @ParameterizedTest
  @MethodSource("derived")
  void aDerivedCaseHoldsWhatItIsDerivedTo(String name) {
    assertThat(GoldenCase.named(name).requests()).isEqualTo(DerivedCases.requests(name));
  }

  @Test
  void everyRecordingIsMasked() {
    for (GoldenCase golden : GoldenCase.all().toList()) {
      for (RecordedRequest request : golden.requests()) {
        assertThat(RecordingMask.mask(request))
            .as("%s/%s: hack/golden.sh import", golden, request.file())
            .isEqualTo(request.bytes());
      }
    }
  }

  @Test
  void thereAreCases() {
    assertThat(GoldenCase.all().map(GoldenCase::name))
        .contains("model-routes-two-pools")
        .hasSizeGreaterThan(20);
  }
}
