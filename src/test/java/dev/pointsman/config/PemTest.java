package dev.pointsman.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keys in every encoding in which openssl, Helm ({@code genSignedCert}: PKCS #1) and cert-manager (PKCS #1, SEC 1,
 * PKCS #8) write them; all are made by openssl.
 */
class PemTest {
  private static final Path KEY = Path.of("tls.key");

  @TempDir
  private static Path folder;

  private static X509Certificate strangers;

  @BeforeAll
  static void anotherCertificate() throws Exception {
    Path key = folder.resolve("stranger.key");
    openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " + key);
    strangers = certificate(key);
  }

  private static void openssl(String arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ")));
    Process openssl = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(openssl.waitFor()).as(command + ": " + output).isZero();
  }

  private static X509Certificate certificate(Path key) throws Exception {
    Path file = folder.resolve("certificate.pem");
    openssl("req -x509 -new -subj /CN=test -days 1 -key " + key + " -out " + file);
    return Pem.certificates(file, Files.readAllBytes(file)).getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048, PRIVATE KEY, RSA",
    "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:4096, PRIVATE KEY, RSA",
    "genrsa -traditional 2048, RSA PRIVATE KEY, RSA",
    "genrsa -traditional 4096, RSA PRIVATE KEY, RSA",
    "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256, PRIVATE KEY, EC",
    "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384, PRIVATE KEY, EC",
    "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521, PRIVATE KEY, EC",
    "ecparam -name prime256v1 -genkey -noout, EC PRIVATE KEY, EC",
    "ecparam -name secp384r1 -genkey -noout, EC PRIVATE KEY, EC",
    "ecparam -name secp521r1 -genkey -noout, EC PRIVATE KEY, EC",
    "ecparam -name prime256v1 -genkey, EC PARAMETERS, EC",
  })
  void readsKeysAsTheyAreWritten(String command, String label, String algorithm) throws Exception {
    Path file = folder.resolve("made.key");
    int space = command.indexOf(' ');
    // "genrsa" takes the bits last
    openssl(command.substring(0, space) + " -out " + file + command.substring(space));
    String pem = Files.readString(file);
    assertThat(pem).startsWith("-----BEGIN " + label + "-----");
    PrivateKey key = Pem.privateKey(file, Files.readAllBytes(file));
    assertThat(key.getAlgorithm()).isEqualTo(algorithm);
    assertThat(Pem.match(certificate(file), key)).isTrue();
    assertThat(Pem.match(strangers, key)).isFalse();
    byte[] windows = pem.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    assertThat(Pem.privateKey(file, windows)).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"genpkey -algorithm ED25519", "genpkey -algorithm ED448"})
  void refusesKeysThatEnvoyDoesNotTake(String command) throws Exception {
    Path file = folder.resolve("edwards.key");
    openssl(command + " -out " + file);
    assertThatThrownBy(() -> Pem.privateKey(KEY, Files.readAllBytes(file)))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("tls.key: the private key is an Edwards curve's (EdDSA)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass pass:secret",
        "genrsa -traditional -aes256 -passout pass:secret"
      })
  void refusesEncryptedKeys(String command) throws Exception {
    Path file = folder.resolve("encrypted.key");
    openssl(command + " -out " + file);
    assertThatThrownBy(() -> Pem.privateKey(KEY, Files.readAllBytes(file)))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("tls.key: the key is encrypted");
  }

  @Test
  void refusesACurveThatHasNoName() throws Exception {
    Path file = folder.resolve("explicit.key");
    openssl("ecparam -name prime256v1 -param_enc explicit -genkey -noout -out " + file);
    assertThatThrownBy(() -> Pem.privateKey(KEY, Files.readAllBytes(file)))
        .isInstanceOf(BadInput.class)
        .hasMessage("tls.key: the EC key does not name its curve; let it do so with"
            + " \"openssl ec -param_enc named_curve\"");
    openssl("ec -param_enc named_curve -in " + file + " -out " + file);
    assertThat(Pem.privateKey(KEY, Files.readAllBytes(file)).getAlgorithm()).isEqualTo("EC");
  }

  static Stream<String> damaged() {
    return Stream.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")
        .flatMap(label -> Stream.of("", "AAAA", "MA==", "MIIBAA==", "MH8CAQE=", "////")
            .map(base64 ->
                "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n"));
  }

  /** Lengths that lie, and contents that end early. */
  @ParameterizedTest
  @MethodSource("damaged")
  void refusesDamagedKeysWithTheFile(String pem) {
    assertThatThrownBy(() -> Pem.privateKey(KEY, pem.getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("tls.key: ");
  }

  @Test
  void refusesAFileWithoutAKey() {
    assertThatThrownBy(() -> Pem.privateKey(KEY, "hello".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("holds no private key in PEM format");
  }
}
