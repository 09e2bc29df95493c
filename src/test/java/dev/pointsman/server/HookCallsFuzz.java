package dev.pointsman.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.pointsman.extension.PostClusterModifyRequest;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostHTTPListenerModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostVirtualHostModifyRequest;
import dev.pointsman.fuzz.FuzzInput;
import dev.pointsman.hook.Hooks;
import dev.pointsman.hook.Replay;
import dev.pointsman.hook.RequestsWithoutCredentials;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.xds.HiddenCredentials;
import dev.pointsman.xds.XdsSettings;

/**
 * The bytes of hook calls, one after the other on one connection, as gRPC gives them: every call that is a message is
 * answered, in a translation no resource is lost, and a recording of it has no other outcome than to be written or refused.
 */
public final class HookCallsFuzz {
  private static final int CALLS = 6;

  private HookCallsFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzInput input = new FuzzInput(bytes);
    Hooks.Connection connection =
        new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY).connect();
    Replay replay = new Replay(XdsSettings.DEFAULT, ClusterSnapshot.EMPTY);
    for (int i = 0; i < 8 && input.hasMore(); i++) {
      int call = input.below(CALLS);
      ByteString request = ByteString.copyFrom(input.part());
      try {
        Message message = called(connection, call, request);
        new RequestsWithoutCredentials(HiddenCredentials.withRandomKey()).in(message);
        replay.play(message.getDescriptorForType().getName().replace("Request", ""), request);
      } catch (InvalidProtocolBufferException unreadable) {
        // gRPC refuses the call, the recorder the request, and a replay the file.
      }
    }
  }

  private static Message called(Hooks.Connection connection, int call, ByteString bytes)
      throws InvalidProtocolBufferException {
    return switch (call) {
      case 0 -> {
        PostRouteModifyRequest request = PostRouteModifyRequest.parseFrom(bytes);
        require(connection.route(request).hasRoute() == request.hasRoute(), "a route");
        yield request;
      }
      case 1 -> {
        PostEndpointsModifyRequest request = PostEndpointsModifyRequest.parseFrom(bytes);
        require(
            connection.endpoints(request).hasLoadAssignment() == request.hasLoadAssignment(),
            "endpoints");
        yield request;
      }
      case 2 -> PostVirtualHostModifyRequest.parseFrom(bytes);
      case 3 -> PostHTTPListenerModifyRequest.parseFrom(bytes);
      case 4 -> PostClusterModifyRequest.parseFrom(bytes);
      default -> {
        PostTranslateModifyRequest request = PostTranslateModifyRequest.parseFrom(bytes);
        TranslationResult result = connection.translation(request);
        require(
            result.response().getSecretsList().equals(request.getSecretsList())
                && result.response().getClustersCount() >= request.getClustersCount()
                && result.response().getListenersCount() >= request.getListenersCount()
                && result.response().getRoutesCount() >= request.getRoutesCount(),
            "a resource");
        yield request;
      }
    };
  }

  private static void require(boolean isKept, String what) {
    if (!isKept) {
      throw new AssertionError(what + " is lost");
    }
  }
}
