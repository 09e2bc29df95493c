package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pointsman diff --against} with the jar of this build, and with builds that answer in another way. */
class OtherBuildIT extends CommandLine {
  private static final String RECORDING = "testdata/translate/model-routes-two-pools";

  private static String jar() {
    return System.getProperty("pointsman.jar", "target/pointsman.jar");
  }

  @Test
  void theSameBuildMakesTheSame() {
    Result result = run("diff", "--against", jar(), "--recorded", RECORDING);
    assertThat(result.out()).as(result.err()).isEqualTo("no changes\n");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void anotherAnswerIsNamedByModel(@TempDir Path folder) throws IOException {
    Path nothing = jar(folder, "");
    Result result = run("diff", "--against", nothing.toString(), "--recorded", RECORDING);
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.out()).contains("+ model qwen").contains("+ model deepseek");
  }

  @Test
  void theOtherBuildHasTheSameBound(@TempDir Path folder) throws IOException {
    Path refusing =
        jar(folder, "System.err.println(String.join(\" \", arguments)); System.exit(3);");
    Result result = run(
        "diff",
        "--against",
        refusing.toString(),
        "--recorded",
        RECORDING,
        "--max-message-size",
        "12Mi");
    assertThat(result.err()).contains("--max-message-size 12Mi");
  }

  /** A build that does this, and whose answer is an empty translation. */
  private static Path jar(Path folder, String main) throws IOException {
    Path source = Files.writeString(
        folder.resolve("Silent.java"),
        "public class Silent { public static void main(String[] arguments) {" + main + "} }");
    int compiled = ToolProvider.getSystemJavaCompiler().run(null, null, null, source.toString());
    assertThat(compiled).isZero();
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "Silent");
    Path jar = folder.resolve("silent.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.putNextEntry(new JarEntry("Silent.class"));
      out.write(Files.readAllBytes(folder.resolve("Silent.class")));
    }
    return jar;
  }

  @Test
  void aFailureOfTheOtherBuildIsNamed(@TempDir Path folder) throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.jar"), "no jar");
    Result result = run("diff", "--against", broken.toString(), "--recorded", RECORDING);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("broken.jar failed with exit code 1").contains("jarfile");
  }
}
