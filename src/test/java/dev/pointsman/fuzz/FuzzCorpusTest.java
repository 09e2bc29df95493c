package dev.pointsman.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each target takes its kept inputs, and inputs that are near to them: the same ones in each run. */
class FuzzCorpusTest {
  private static final int NEAR = 300;

  @ParameterizedTest
  @EnumSource
  void keptInputsAreNoFindings(FuzzTarget target) throws IOException {
    List<Path> corpus = target.corpus();
    assertThat(corpus).isNotEmpty();
    for (Path file : corpus) {
      execute(target, Files.readAllBytes(file), file.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void inputsNearToThemAreNone(FuzzTarget target) throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    for (Path file : target.corpus()) {
      inputs.add(Files.readAllBytes(file));
    }
    Random random = new Random(target.ordinal());
    for (int i = 0; i < NEAR; i++) {
      byte[] near = near(inputs.get(random.nextInt(inputs.size())), random);
      execute(target, near, "the input " + Base64.getEncoder().encodeToString(near));
    }
  }

  /** Each class that Jazzer could run is among the targets: the enum is what the script and the tests go by. */
  @Test
  void everyTargetIsListed() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src/test/java"))) {
      assertThat(sources
              .map(path -> path.getFileName().toString())
              .filter(name -> name.endsWith("Fuzz.java")))
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(FuzzTarget.values()).map(target -> target + "Fuzz.java").toList());
    }
  }

  private static byte[] near(byte[] input, Random random) {
    byte[] near = input.clone();
    for (int i = random.nextInt(4); i >= 0 && near.length > 0; i--) {
      near[random.nextInt(near.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(near, random.nextInt(near.length + 8)) : near;
  }

  private static void execute(FuzzTarget target, byte[] input, String what) {
    try {
      target.execute(input);
    } catch (Exception | AssertionError | StackOverflowError finding) {
      fail(target + " has a finding in " + what, finding);
    }
  }
}
