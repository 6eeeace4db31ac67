import Testing
import Application
@Test func stub() {}
