package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;

import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.protobuf.ByteString;
import io.github.shortlived.testing.Clients.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A program that uses an emulator and does not close it; it prints the threads that keep it. */
final class UnclosedEmulator {
  private UnclosedEmulator() {}

  @SuppressWarnings("resource") // The purpose of the program.
  public static void main(String[] arguments) throws IOException {
    IamEmulator emulator =
        IamEmulator.demo()
            .binding(SA2, TOKEN_CREATOR, member(SA1), "request.time.getFullYear() > 2000")
            .start();
    emulator.faults().on("signBlob").delay(Duration.ofMillis(1));
    call(emulator);
    emulator.reset();
    call(emulator);
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.isDaemon())
        .map(Thread::getName)
        .filter(name -> !name.startsWith("pool-")) // Google's clients end theirs a little later.
        .sorted()
        .forEach(System.out::println);
  }

  private static void call(IamEmulator emulator) throws IOException {
    var caller = emulator.googleCredentials(member(SA1));
    for (Transport transport : Transport.values()) {
      try (var client = Clients.iamCredentials(emulator, caller, transport)) {
        client.generateIdToken(name(SA2), List.of(), "https://orders.example.com", true);
        client.signBlob(name(SA2), List.of(), ByteString.copyFromUtf8("blob"));
      }
    }
    try (IAMClient admin = Clients.admin(emulator);
        InstancesClient instances = Clients.instances(emulator, caller)) {
      admin.getServiceAccount("projects/" + PROJECT + "/serviceAccounts/" + SA1);
      instances.list(PROJECT, ZONE).iterateAll().forEach(instance -> {});
    }
  }
}
