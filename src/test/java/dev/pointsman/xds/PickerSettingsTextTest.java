package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.FailureMode;
import dev.pointsman.model.PickerEnd;
import dev.pointsman.model.PickerHealth;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.PickerSettings;
import dev.pointsman.plan.PickerSettings.ConnectionSettings;
import dev.pointsman.plan.ResolvedTls;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Running proxies have resources of these names: another text would replace each of them on an upgrade. */
class PickerSettingsTextTest {
  @Test
  void theDefaultSettingsHaveThisText() {
    assertThat(PickerSettingsText.of(PickerSettings.DEFAULT))
        .isEqualTo(
            "PickerSettings[failureMode=Optional.empty, idleTimeoutMillis=OptionalLong.empty,"
                + " connection=Connection[maxConcurrentRequests=OptionalInt.empty,"
                + " tls=SkipVerify[]]]");
  }

  @Test
  void eachFieldIsInTheText() {
    assertThat(PickerSettingsText.of(new PickerSettings(
            Optional.of(FailureMode.FAIL_OPEN),
            OptionalLong.of(1500),
            connection(new ResolvedTls.Verified("pem", "picker.example")))))
        .isEqualTo("PickerSettings[failureMode=Optional[FAIL_OPEN],"
            + " idleTimeoutMillis=OptionalLong[1500],"
            + " connection=Connection[maxConcurrentRequests=OptionalInt[7],"
            + " tls=Verify[caCertificates=pem, hostname=picker.example]]]");
    assertThat(PickerSettingsText.of(new PickerSettings(
            Optional.of(FailureMode.FAIL_CLOSE),
            OptionalLong.empty(),
            connection(new ResolvedTls.TrustNobody()))))
        .contains("failureMode=Optional[FAIL_CLOSE]", "tls=TrustNobody[]");
    assertThat(PickerSettingsText.of(connection(new ResolvedTls.Unencrypted())))
        .isEqualTo("Connection[maxConcurrentRequests=OptionalInt[7], tls=Plaintext[]]");
  }

  @Test
  void theHealthServiceIsInTheTextWhereThereIsOne() {
    assertThat(PickerSettingsText.of(new ConnectionSettings(
            OptionalInt.empty(),
            new ResolvedTls.Unencrypted(),
            Optional.of(new PickerHealth(9003, "readiness")),
            PickerEnd.AFTER_RESPONSE)))
        .isEqualTo(
            "Connection[maxConcurrentRequests=OptionalInt.empty, health=9003/readiness, tls=Plaintext[]]");
  }

  @Test
  void theEndThatIsAllowedIsInTheTextWhereItIsEarly() {
    assertThat(PickerSettingsText.of(new ConnectionSettings(
            OptionalInt.empty(),
            new ResolvedTls.Unencrypted(),
            Optional.empty(),
            PickerEnd.AFTER_REQUEST)))
        .isEqualTo(
            "Connection[maxConcurrentRequests=OptionalInt.empty, mayEnd=AfterRequest, tls=Plaintext[]]");
  }

  @Test
  void theNameOfAPickersClusterHasTheDigest() {
    assertThat(XdsNames.picker(
            new ServicePort("default", "picker", 9002), connection(new ResolvedTls.Unencrypted())))
        .isEqualTo("pointsman/picker/default/picker/9002/2a5f31c2d366d5fbafeb2f061ca272b9");
  }

  private static ConnectionSettings connection(ResolvedTls tls) {
    return new ConnectionSettings(
        OptionalInt.of(7), tls, Optional.empty(), PickerEnd.AFTER_RESPONSE);
  }
}
